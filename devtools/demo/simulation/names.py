from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class People:
    first: str
    last: str
    between: str = " "

    def name(self, random: Random) -> str:
        return self.between.join(random.choice(part.split()) for part in (self.first, self.last))


INDIANS = People(
    "Aarav Aditi Amit Anita Arjun Deepa Divya Gurpreet Harpreet Imran Karthik Kavita Lakshmi Manish"
    " Meena Nikhil Pooja Priya Rahul Rajesh Ravi Sandeep Sneha Suresh Tanvi Vikram Vinod Yash",
    "Agarwal Bhat Chatterjee Das Desai Fernandes Gill Gupta Iyer Jain Joshi Kaur Khan Kulkarni"
    " Mehta Mishra Nair Patel Pillai Rao Reddy Saxena Shah Sharma Singh Thakur Verma Yadav",
)
MEN_FROM_RUSSIA = People(
    "Алексей Андрей Антон Артём Дмитрий Евгений Иван Кирилл Максим Михаил Никита Павел Сергей",
    "Волков Зайцев Иванов Козлов Кузнецов Лебедев Морозов Новиков Петров Попов Смирнов Соколов",
)
WOMEN_FROM_RUSSIA = People(
    "Анастасия Анна Дарья Екатерина Елена Ирина Мария Наталья Ольга Светлана Татьяна Юлия",
    "Волкова Зайцева Иванова Козлова Кузнецова Лебедева Морозова Новикова Петрова Попова Смирнова",
)
VISITORS = (MEN_FROM_RUSSIA, WOMEN_FROM_RUSSIA)

PEOPLE = {
    "IN": (
        INDIANS,
        People(
            "अजय अनिल अमित अरुण आनंद गौरव दीपक नरेश पंकज प्रकाश मनीष मनोज महेश मोहन राकेश राजेश"
            " राहुल रोहित विकास विजय विनोद संजय संतोष सुनील सुरेश हरीश",
            "अग्रवाल कुमार खन्ना गुप्ता चौधरी चौहान जैन जोशी ठाकुर तिवारी दुबे पटेल मिश्रा मेहता"
            " यादव राठौर वर्मा शर्मा शुक्ला सक्सेना सिंह सोनी",
        ),
        People(
            "अंजलि अनीता अर्चना उषा कविता किरण गीता ज्योति दीपा नीलम नेहा पूजा प्रिया ममता मीना"
            " रीना रेखा ललिता शालिनी शोभा सरिता सीमा सुनीता सुमन",
            "अग्रवाल कुमारी गुप्ता चौधरी चौहान जैन जोशी ठाकुर तिवारी देवी पटेल पांडेय मिश्रा मेहता"
            " यादव वर्मा शर्मा शुक्ला सक्सेना सिंह सोनी",
        ),
    ),
    "BD": (
        People(
            "আবদুল আরিফ ইমরান কামাল জাহিদ তানভীর নাঈম মাহমুদ মোহাম্মদ রাকিব রুবেল সাকিব সোহেল হাসান",
            "আলম আলী আহমেদ ইসলাম উদ্দিন করিম খান চৌধুরী মিয়া রহমান সরকার হোসেন",
        ),
        People(
            "আয়েশা খাদিজা জান্নাতুল তানিয়া নাসরিন নুসরাত ফাতেমা রহিমা রুমানা শারমিন সালমা সুমাইয়া",
            "আক্তার ইসলাম খাতুন খানম চৌধুরী পারভীন বেগম রহমান সুলতানা",
        ),
        People(
            "Abdul Arif Farhana Hasan Imran Jahid Kamal Mahmud Nusrat Rakib Sabbir Shakil Tanvir",
            "Ahmed Akter Alam Chowdhury Hossain Islam Karim Khan Mia Rahman Sarkar Uddin",
        ),
    ),
    "PK": (
        People(
            "احمد بلال حسن زاہد عثمان عدنان علی عمران فیصل محمد کامران یاسر",
            "احمد اعوان بٹ خان راجپوت شیخ قریشی ملک مغل ہاشمی",
        ),
        People(
            "Adnan Ahmed Ayesha Bilal Faisal Fatima Hamza Hina Kamran Sana Usman Zainab",
            "Abbasi Ahmed Awan Butt Chaudhry Khan Malik Mirza Qureshi Raza Sheikh Siddiqui",
        ),
    ),
    "MM": (
        People(
            "ကိုကျော် ကိုဇော် ကိုထက် ကိုမင်း ကိုအောင် ဒေါ်ခင် ဒေါ်မြင့် မစု မသီရိ မအေး ဦးစိုး ဦးလှ",
            "ဇော် ထွန်း နိုင် မိုး မြင့် လင်း လွင် ဝင်း သန်း အောင် ဦး",
            between="",
        ),
        People(
            "Aung Aye Hnin Htet Khin Kyaw Min Moe Nilar Phyo Soe Su Thiri Wai Yamin Zaw",
            "Aung Htun Lin Lwin Moe Myint Naing Oo Thant Thu Tun Win",
        ),
    ),
    "UG": (
        People(
            "Brian Daniel David Doreen Esther Grace Isaac Joan Joseph Juliet Moses Patience Ronald",
            "Achieng Akello Kato Mugisha Mukasa Nakato Nansubuga Ocen Okello Opio Wasswa",
        ),
    ),
}


def name_in(country: str, random: Random) -> str:
    return random.choice(PEOPLE[country]).name(random)
